UNIT_TESTS        += heap
heap_test.modules :=
heap_test.sources := tests/unit/heap/test_heap.c runtime/heap/heap.c
