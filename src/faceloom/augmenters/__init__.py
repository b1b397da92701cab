"""How faces are varied with the help of others: one module a kind."""
