export { checker } from './ajv.js';
export { ConfigModule, SETTINGS } from './config.module.js';
export { projectRoot, version } from './project-root.js';
export { InvalidSetting, readSettings, type SettingsSource } from './read-settings.js';
export { type Settings, SettingsSchema } from './settings.js';
