# Commands that build nothing themselves.

setup:
	@tools/setup test

help:
	@tools/help '$(BOARDS)' '$(APPS)'

# For boards whose machine the system's QEMU does not know.
qemu:
	@tools/fetch-qemu $(TOOLCHAIN)/qemu

clean:
	@rm -rf $(filter-out $(TOOLCHAIN),$(wildcard $(BUILD)/*))

distclean:
	@rm -rf $(BUILD) compile_commands.json

.PHONY: setup qemu help clean distclean
