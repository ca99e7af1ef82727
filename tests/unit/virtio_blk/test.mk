UNIT_TESTS              += virtio_blk
virtio_blk_test.modules := base hal drivers/block/virtio_blk
virtio_blk_test.sources := drivers/virtio/virtio.c drivers/virtio/virtqueue.c \
    tests/fakes/virtio_blk_fake.c tests/fakes/virtio_fake.c tests/fakes/virtio_fake_mmio.c \
    tests/unit/block_conformance/block_conformance.c tests/unit/virtio_blk/test_virtio_blk.c
