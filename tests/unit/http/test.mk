UNIT_TESTS        += http
http_test.modules := base net/http
http_test.sources := tests/unit/http/main.c tests/unit/http/rig.c tests/unit/http/test_body.c \
                     tests/unit/http/test_conditional.c tests/unit/http/test_conn.c \
                     tests/unit/http/test_gzip.c tests/unit/http/test_kept.c tests/unit/http/test_parts.c \
                     tests/unit/http/test_requests.c \
                     tests/fakes/flow_fake.c
