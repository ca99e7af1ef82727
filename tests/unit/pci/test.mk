UNIT_TESTS       += pci
pci_test.modules := drivers/pci
pci_test.sources := tests/unit/pci/test_pci.c tests/fakes/pci_fake.c
