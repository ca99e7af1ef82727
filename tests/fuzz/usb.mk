FUZZERS          += usb
usb_fuzz.modules := base drivers/usb/core drivers/net/usb_net drivers/net/cdc_ecm drivers/net/lan95xx drivers/net/lan78xx drivers/net/lan_usb
usb_fuzz.sources := tests/fuzz/fuzz_usb.c
usb_fuzz.flags   := -max_len=1024
