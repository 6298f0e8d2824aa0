"""What do the books say, what do the elements say, and where do they differ?

`books` copies a carrier's lines out of the database, `elements` and `exports` read what the network holds, `compare`
puts both beside each other in columns (polars), `runs` keeps what was found. Nothing here changes a line: what is to be
repaired is asked for by people, and done by `terminations.repairs`.
"""
