# The smallest application: prints a greeting and ends.
APP_ABOUT   := greets and powers off
APP_SOURCES := main.c
APP_MODULES :=
