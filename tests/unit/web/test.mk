UNIT_TESTS       += web
web_test.modules := base net/http
web_test.sources := tests/unit/web/test_web.c apps/web/web.c tests/fakes/flow_fake.c
