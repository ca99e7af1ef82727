# Commands that build nothing themselves.

setup:
	@tools/setup test

help:
	@tools/help '$(BOARDS)' '$(APPS)'

clean:
	@rm -rf $(filter-out $(TOOLCHAIN),$(wildcard $(BUILD)/*))

distclean:
	@rm -rf $(BUILD) compile_commands.json

.PHONY: setup help clean distclean
