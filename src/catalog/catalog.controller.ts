import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Inject,
  NotFoundException,
  Param,
  Patch,
  Query,
  UseGuards,
  UsePipes,
  ValidationPipe,
} from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { Cacheable, CacheAuthGuard, CacheEvict, RequireScope } from 'nestjs-enhanced-cache';
import { CityChanges, CityPath, CountryPath, NearbyQuery, SearchQuery } from './catalog.dto.js';
import { CatalogRepository } from './catalog.repository.js';
import { CatalogService } from './catalog.service.js';
import { City, CountryStatistics, NearbyCity } from './city.js';

/**
 * Four questions that take a database milliseconds, and one write that makes their answers wrong.
 *
 * The data are public: the same answer for all (`shared`), whatever credentials a request happens to carry.
 *
 * Lists name many cities, so they carry a tag of their kind and a write drops them all; what belongs to one city or one
 * country carries its name and stays where others change.
 */
@ApiTags('Demo: cities of the world')
@ApiBadRequestResponse({ description: 'A parameter or a field cannot work; the message names it.' })
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller()
export class CatalogController {
  constructor(
    @Inject(CatalogRepository) private readonly repository: CatalogRepository,
    @Inject(CatalogService) private readonly service: CatalogService,
  ) {}

  @Get('cities')
  @Cacheable({ ttl: '5m', tags: ['cities:search'], shared: true })
  @ApiOperation({ summary: 'Cities by a part of their name, the largest first' })
  @ApiOkResponse({ type: [City] })
  async search(@Query() query: SearchQuery): Promise<City[]> {
    return this.repository.search(query);
  }

  @Get('cities/:id')
  @Cacheable({ ttl: '1h', tags: ['city:{id}'], shared: true })
  @ApiOperation({ summary: 'One city' })
  @ApiOkResponse({ type: City })
  @ApiNotFoundResponse({ description: 'No city has that id.' })
  async find(@Param() { id }: CityPath): Promise<City> {
    return found(this.repository.find(id), id);
  }

  @Get('cities/:id/nearby')
  @Cacheable({ ttl: '5m', tags: ['city:{id}', 'cities:nearby'], shared: true })
  @ApiOperation({ summary: 'The nearest, or the largest, cities around a city' })
  @ApiOkResponse({ type: [NearbyCity] })
  @ApiNotFoundResponse({ description: 'No city has that id.' })
  async nearby(@Param() { id }: CityPath, @Query() query: NearbyQuery): Promise<NearbyCity[]> {
    found(this.repository.find(id), id);
    return this.repository.nearby(id, query);
  }

  /** Not decorated: the service method behind it is, and serves every caller from one entry. */
  @Get('countries/:code/statistics')
  @ApiOperation({
    summary: 'Figures of one country',
    description: 'Cached by the service method rather than by the route, so the answer carries no X-Cache header.',
  })
  @ApiOkResponse({ type: CountryStatistics })
  @ApiNotFoundResponse({ description: 'No city of that country is known.' })
  statistics(@Param() { code }: CountryPath): Promise<CountryStatistics> {
    return this.service.countryStatistics(code);
  }

  @Patch('cities/:id')
  @UseGuards(CacheAuthGuard)
  @RequireScope('cache:write')
  @CacheEvict({ tags: ['city:{id}', 'country:{result.country}', 'cities:search', 'cities:nearby'] })
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Change a city; what the cache knows of it is dropped', description: 'Scope: cache:write.' })
  @ApiOkResponse({ type: City })
  @ApiUnauthorizedResponse({ description: 'No token, or none that is valid.' })
  @ApiForbiddenResponse({ description: 'The token lacks the scope cache:write.' })
  @ApiNotFoundResponse({ description: 'No city has that id.' })
  async update(@Param() { id }: CityPath, @Body() changes: CityChanges): Promise<City> {
    if (changes.name === undefined && changes.population === undefined) {
      throw new BadRequestException('body: expected name, population or both');
    }
    return found(this.repository.update(id, changes), id);
  }
}

function found(city: City | undefined, id: number): City {
  if (!city) throw new NotFoundException(`no city has the id ${id}`);
  return city;
}
