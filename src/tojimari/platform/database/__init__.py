"""How does Tojimari talk to PostgreSQL so that one carrier can never see another's rows?

`base` is the database engine of the settings, `scope` says for which carrier the code runs now, `rls` makes the
policies that tables are protected with.
"""

from __future__ import annotations
