UNIT_TESTS           += metrics
metrics_test.modules := base net/http net/metrics
metrics_test.sources := tests/unit/metrics/test_metrics.c tests/fakes/flow_fake.c
