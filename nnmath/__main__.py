"""python -m nnmath check FILE.py"""

from .check.command_line import main

raise SystemExit(main())
