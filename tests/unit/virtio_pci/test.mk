UNIT_TESTS              += virtio_pci
virtio_pci_test.modules := base
virtio_pci_test.sources := tests/unit/virtio_pci/test_virtio_pci.c tests/fakes/pci_fake.c \
    drivers/pci/pci.c drivers/pci/pci_bar.c \
    drivers/virtio/virtio.c drivers/virtio/virtqueue.c drivers/virtio/pci/virtio_pci_probe.c
