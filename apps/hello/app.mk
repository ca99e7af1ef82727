# The smallest application: prints a greeting and ends.
APP_ABOUT   := greets and powers off
APP_MODULES :=
APP_SOURCES := main.c
