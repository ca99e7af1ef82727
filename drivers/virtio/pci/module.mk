MODULES                    += drivers/virtio/pci
drivers/virtio/pci.sources  := virtio_pci.c virtio_pci_probe.c
drivers/virtio/pci.requires := arch/include base drivers/pci drivers/virtio hal
