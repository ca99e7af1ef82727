UNIT_TESTS       += log
log_test.modules :=
log_test.sources := tests/unit/log/test_log.c runtime/console.c tests/fakes/console.c \
                    base/divide.c base/text.c
