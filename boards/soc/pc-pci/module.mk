MODULES                    += boards/soc/pc-pci
boards/soc/pc-pci.sources  := disk.c host.c net.c power.c tables.c
boards/soc/pc-pci.requires := boards/common arch/include base boards/soc/pc drivers/acpi drivers/block/virtio_blk drivers/irq/apic drivers/net/virtio_net \
                              drivers/pci drivers/pci/ports drivers/virtio drivers/virtio/pci hal
