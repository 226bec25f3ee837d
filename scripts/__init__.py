"""What the Makefile runs: small programs that prepare and check the house, no part of the product."""
