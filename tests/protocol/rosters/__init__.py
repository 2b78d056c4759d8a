"""Random rosters: a team that does what it likes, folded in two ways, and a second writing of the rules of access."""
