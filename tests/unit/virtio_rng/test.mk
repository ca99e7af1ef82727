UNIT_TESTS              += virtio_rng
virtio_rng_test.modules := drivers/rng/virtio_rng base
virtio_rng_test.sources := drivers/virtio/virtio.c drivers/virtio/virtqueue.c \
    tests/fakes/virtio_fake.c tests/fakes/virtio_fake_mmio.c \
    tests/unit/virtio_rng/test_virtio_rng.c
