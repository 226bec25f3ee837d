"""Calls to others in a group's name: written by a member, told only under the group's decision, one by one."""
