"""The vendors' data: records of Huntress and ConnectWise as this product reads them."""
