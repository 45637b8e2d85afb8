"""Citations: the works that a text cites, and the list of them."""
