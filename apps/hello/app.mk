# The smallest application: prints a greeting and ends.
APP_MODULES :=
APP_SOURCES := main.c
