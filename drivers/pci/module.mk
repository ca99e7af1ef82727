MODULES              += drivers/pci
drivers/pci.sources  := pci.c pci_bar.c pci_ecam.c pci_msix.c
drivers/pci.requires := arch/include base
