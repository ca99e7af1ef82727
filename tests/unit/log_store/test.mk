# Those that start a store a hundred thousand times have a quicker CRC.
QUICK_CRC := tests/fakes/crc32c.c tests/fakes/crc32c_by_tables.c

UNIT_TESTS            += log_store log_store_damage log_store_power log_store_full log_store_conformance
log_store_test.modules := base hal storage/log
log_store_test.sources := tests/fakes/flash_memory.c tests/unit/log_store/rig.c tests/unit/log_store/test_log_store.c

log_store_damage_test.modules := base hal storage/log
log_store_damage_test.sources := tests/fakes/flash_memory.c tests/unit/log_store/rig.c tests/unit/log_store/test_damage.c

log_store_power_test.modules := base hal storage/log
log_store_power_test.sources := tests/fakes/flash_memory.c tests/unit/log_store/rig.c tests/unit/log_store/test_power.c $(QUICK_CRC)
log_store_power_test.without := base/crc32c.c

log_store_full_test.modules := base hal storage/log
log_store_full_test.sources := tests/fakes/flash_memory.c tests/unit/log_store/rig.c tests/unit/log_store/test_full.c $(QUICK_CRC)
log_store_full_test.without := base/crc32c.c

log_store_conformance_test.modules := base hal storage/log
log_store_conformance_test.sources  = tests/fakes/flash_memory.c tests/unit/log_store/test_conformance.c \
                                      $(KV_CONFORMANCE)
