"""The demonstration: a whole team's story, played by real processes, with its figures checked and printed.

`desks` runs one desk's commands, `story` is the order of events, `evidence` looks for what must not be there,
`generated` makes records where no data is given.
"""
