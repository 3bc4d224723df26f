"""The outputs, one file or pair of files each: MQTT, webhook, CSV, pictures, Modbus, OPC UA.

None knows another, nor the process that runs it.
"""
