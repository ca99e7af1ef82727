UNIT_TESTS               += http_client
http_client_test.modules := base net/http net/http_client
http_client_test.sources := $(addprefix tests/unit/http_client/,main.c rig.c test_calls.c test_pool.c \
                              test_redirects.c test_responses.c test_uploads.c test_urls.c) \
                            tests/fakes/flow_fake.c
