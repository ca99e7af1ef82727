UNIT_TESTS             += virtqueue
virtqueue_test.sources := drivers/virtio/virtio.c drivers/virtio/virtqueue.c \
    tests/fakes/virtio_fake.c tests/fakes/virtio_fake_mmio.c \
    tests/unit/virtqueue/test_virtqueue.c
