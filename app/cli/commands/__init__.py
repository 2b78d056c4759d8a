"""The commands, one module for each group of them; each has `add(commands)`, which tells the parser about them."""
