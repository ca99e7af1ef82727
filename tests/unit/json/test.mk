UNIT_TESTS        += json
json_test.modules := base net/json
json_test.sources := tests/unit/json/test_json.c
