"""What a row of each table is: one class a table, one field a column, a module each.

Apart, since a job's code is told by the modules it imports: a new table reruns nobody.
"""
