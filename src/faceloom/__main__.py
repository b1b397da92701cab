"""python -m faceloom: the same as the command faceloom."""

from .cli import main

main()
