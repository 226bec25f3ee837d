"""Tests of the sessions in which a group looks at itself."""
