UNIT_TESTS          += kv_key
kv_key_test.modules := base hal
kv_key_test.sources := tests/unit/kv_key/test_kv_key.c
