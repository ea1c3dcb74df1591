"""AWS in memory, answered at the boundary of boto3's clients; a contract suite holds it to moto."""
