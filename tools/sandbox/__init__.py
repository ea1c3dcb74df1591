"""The whole product on one machine: stand-ins for both vendors and for AWS."""
