UNIT_TESTS       += usb
usb_test.modules := base drivers/usb/core drivers/net/usb_net drivers/net/cdc_ecm drivers/net/lan95xx drivers/net/lan78xx drivers/net/lan_usb
usb_test.sources := tests/fakes/usb_fake.c tests/fakes/dwc2_fake.c tests/fakes/dwc2_fake_mmio.c \
    tests/unit/usb/rig.c tests/unit/usb/test_bus.c tests/unit/usb/test_frames.c \
    tests/unit/usb/test_faults.c tests/unit/usb/test_plug.c tests/unit/usb/test_lan95xx.c tests/unit/usb/test_lan78xx.c tests/unit/usb/main.c
