"""What the vendors hold: records of Huntress and ConnectWise as this product sees them."""
