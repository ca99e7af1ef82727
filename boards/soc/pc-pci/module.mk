MODULES                    += boards/soc/pc-pci
boards/soc/pc-pci.sources  := host.c net.c power.c tables.c
boards/soc/pc-pci.requires := arch/include base boards/soc/pc drivers/acpi drivers/irq/apic drivers/net/virtio_net \
                              drivers/pci drivers/pci/ports drivers/virtio drivers/virtio/pci hal
