"""The pages of the window; each package is one page or a family of them."""
