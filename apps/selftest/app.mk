# Checks of the runtime on the board itself, and crashes on demand for the tests of crash reports.
APP_ABOUT   := checks of the runtime on the board itself, and crashes on demand
APP_MODULES := runtime/argblock runtime/fiber runtime/random
APP_SOURCES := main.c checks.c crash.c
