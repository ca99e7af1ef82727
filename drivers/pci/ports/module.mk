MODULES                    += drivers/pci/ports
drivers/pci/ports.sources  := pci_ports.c
drivers/pci/ports.requires := arch/include base drivers/pci
