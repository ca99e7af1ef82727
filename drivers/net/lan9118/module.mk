MODULES                         += drivers/net/lan9118
drivers/net/lan9118.sources     := lan9118.c lan9118_io.c lan9118_mac.c
drivers/net/lan9118.requires    := arch/include base hal
