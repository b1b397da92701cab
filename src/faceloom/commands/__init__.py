"""What people say to a project, a module a command; the workflow itself calls the stages."""
