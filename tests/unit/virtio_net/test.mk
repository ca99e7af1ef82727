UNIT_TESTS              += virtio_net
virtio_net_test.modules := drivers/net/virtio_net drivers/net/vnet base
virtio_net_test.sources := drivers/virtio/virtio.c drivers/virtio/virtqueue.c \
    tests/fakes/virtio_fake.c tests/fakes/virtio_fake_mmio.c \
    tests/unit/virtio_net/fixture.c tests/unit/virtio_net/test_send.c \
    tests/unit/virtio_net/test_receive.c tests/unit/virtio_net/test_coalesce.c \
    tests/unit/virtio_net/test_device.c \
    tests/unit/virtio_net/main.c
