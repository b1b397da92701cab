"""One module per verb: tables in, tables out."""
