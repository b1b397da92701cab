"""How a path over time is steadied: one module a kind."""
