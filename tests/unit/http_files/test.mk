UNIT_TESTS              += http_files
http_files_test.modules := base hal net/http net/http_files
http_files_test.sources := tests/unit/http_files/test_http_files.c tests/unit/http_files/test_uploads.c \
                           tests/unit/http_files/rig.c tests/fakes/flow_fake.c tests/fakes/kv_memory.c
